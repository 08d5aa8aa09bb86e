"""The Tmall shop's orders and after-sales cases as the seller's desk exports them."""
