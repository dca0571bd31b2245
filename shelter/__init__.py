"""Case management that keeps survivors' records sealed to the people who serve them."""
