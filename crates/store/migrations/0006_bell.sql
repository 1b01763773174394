-- Of the directory: how often something changed in a district, so that another process's open pages hear of it. A node writes a
-- few times a second at most, however much happens.
CREATE TABLE bell (district BIGINT PRIMARY KEY, rung BIGINT NOT NULL);
