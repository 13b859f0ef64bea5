"""Registries of works (Crossref, DataCite, doi.org, PubMed, OpenAlex): asked with care, their answers weighed."""
