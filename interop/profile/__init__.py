"""TOML in, frozen values out: providers, agreements, cases, suites, rules; every mistake of a file at once, with its place."""
