def derive_reputation(game, protocol):
    raise NotImplementedError
