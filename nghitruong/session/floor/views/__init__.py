"""Pages of a sitting (:mod:`.pages`) and the steps their buttons post (:mod:`.steps`)."""
