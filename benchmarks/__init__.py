"""The project's measurements: generated records, peers measured beside us, and the page they are reported on."""
