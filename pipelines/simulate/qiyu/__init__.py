"""The chat tool's sessions as 网易七鱼 exports them."""
