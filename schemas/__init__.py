"""The shared words: the shape of everything that crosses a border, and the contracts made from it."""
