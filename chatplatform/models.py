"""No tables here: with this module Django tells the app about migrations, and the roles follow."""
