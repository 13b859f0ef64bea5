"""Registries for tests: Crossref, DataCite, doi.org, PubMed's id converter, OpenAlex and the Retraction Watch file."""
