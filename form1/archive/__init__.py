"""The archive: editions and receipts in their place, compared, signed and proved whole."""
