"""How a case is played: scenarios, sessions, journals, and the front ends over them."""
