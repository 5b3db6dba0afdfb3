"""The doctor: finds each thing that a person following the vendors' set-up could have forgotten."""
