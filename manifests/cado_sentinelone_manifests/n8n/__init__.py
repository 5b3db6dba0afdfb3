"""n8n: workflows that call the actions over HTTP."""
