-- Accounts per sender for MySQL and MariaDB; see `database` in docs/settings.md.
--
-- sender    user@example.com, or @example.com for a whole domain
-- host      the provider's server
-- port      587 (STARTTLS), or 465 for TLS from the first byte
-- username  the login there; NULL, as the password, for a server that wants no login
--
--   INSERT INTO accounts VALUES ('user1@example.com', 'mail.example.com', 587, 'username1', 'password1');
--
-- The relay only reads: GRANT SELECT ON mail.accounts TO hikyaku@'%';
CREATE TABLE accounts (
  sender   VARCHAR(254) NOT NULL PRIMARY KEY,
  host     VARCHAR(253) NOT NULL,
  port     INTEGER NOT NULL DEFAULT 587,
  username VARCHAR(255),
  password VARCHAR(255),
  CHECK (port BETWEEN 1 AND 65535),
  -- In the table that Postfix sees, a colon ends the name.
  CHECK (username <> '' AND username NOT LIKE '%:%'),
  CHECK ((username IS NULL) = (password IS NULL))
) CHARACTER SET utf8mb4;
