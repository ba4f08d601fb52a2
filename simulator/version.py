"""The version of Caseload; journals name the one that began them."""

VERSION = "0.2.0"
