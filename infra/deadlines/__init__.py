"""Real cases replayed on a simulated clock, through the service and the sweep as they are."""
