"""Files and processes: finding and loading models, child processes, the cache, generated/, TeX."""
