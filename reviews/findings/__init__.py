"""What letters teach UR: findings of closed reviews, packets, what is found again afterwards."""
