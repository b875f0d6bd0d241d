"""目录: the city's areas, units, categories and who is responsible for what."""
