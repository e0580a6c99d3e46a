"""Real peers, hand-made images and a wrapper of the binary for the end-to-end tests."""
