"""IBM SOAR: an app of one package of functions, made by codegen from our export."""
