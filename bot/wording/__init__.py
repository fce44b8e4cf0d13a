"""What people read and look at: Portuguese sentences, numbers, dates and charts; pure."""
