"""Whether replaying the rules finds what broke them, and nothing in a history that kept them."""
