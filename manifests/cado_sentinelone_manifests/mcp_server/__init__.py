"""The MCP server: every action is a tool for an AI agent."""
