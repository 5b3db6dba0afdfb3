"""The actions over HTTP, for runners that can do nothing but call a URL."""
