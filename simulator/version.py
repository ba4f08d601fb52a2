"""The version of Caseload; journals name the one that began them."""

VERSION = "0.1.0"
