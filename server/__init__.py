"""The process: settings, application, logging, health, command line."""
