"""What a determination obliges to: deadlines, what was done about them, and the proof of it."""
