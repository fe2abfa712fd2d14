"""Steps and solutions turned into flat views for the templates: strings and tuples, no algebra."""
