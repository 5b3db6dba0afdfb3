"""TheHive Cortex: analyzers that read, responders that change something."""
