-- PostgreSQL writes a row anew with each change, and the entries of its indexes too, unless no index knows what changed. So none
-- looks at a delivery's state any more. What is looked for by its state stands in tables beside it, which the database itself keeps
-- in step: what waits, what is under way (a row a claim), and what somebody still has to see to: 8 = held (key: its rendition), 5 =
-- restored and to be asked about (key: when), 4 = did not arrive and is not followed up (key: 0). The triggers of an update run in
-- the order of their names: what went is taken out before what came is put in.
-- Nobody changes a delivery between the filling of these tables and the triggers that keep them.
POSTGRESQL LOCK TABLE delivery IN ACCESS EXCLUSIVE MODE;
POSTGRESQL CREATE TABLE waiting (sender BIGINT NOT NULL, lane BIGINT NOT NULL, opens BIGINT NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (sender, lane, opens, id));
POSTGRESQL CREATE TABLE under_way (number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, district BIGINT NOT NULL, claimed_until BIGINT NOT NULL, ids BIGINT[] NOT NULL);
-- A claim's ids are there for a minute: packing them takes longer than writing them.
POSTGRESQL ALTER TABLE under_way ALTER ids SET STORAGE EXTERNAL;
POSTGRESQL CREATE INDEX under_way_late ON under_way (district, claimed_until);
POSTGRESQL CREATE TABLE aside (district BIGINT NOT NULL, kind BIGINT NOT NULL, key BIGINT NOT NULL, id BIGINT NOT NULL, PRIMARY KEY (district, kind, key, id));
POSTGRESQL INSERT INTO waiting (sender, lane, opens, id) SELECT sender, lane, opens, id FROM delivery WHERE state = 0;
POSTGRESQL INSERT INTO under_way (district, claimed_until, ids) SELECT district, COALESCE(claimed_until, 0), array_agg(id) FROM delivery WHERE state = 1 GROUP BY 1, 2;
POSTGRESQL INSERT INTO aside (district, kind, key, id) SELECT district, CASE state WHEN 8 THEN 8 WHEN 5 THEN 5 ELSE 4 END, CASE state WHEN 8 THEN rendition WHEN 5 THEN opens ELSE 0 END, id FROM delivery WHERE state = 8 OR (state = 5 AND restored > 0) OR (state IN (4, 6, 7) AND walked = 0);
-- Deleting is planned anew each time: a plan made while a table was empty reads all of it for each row later.
POSTGRESQL CREATE FUNCTION delivery_came() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO waiting (sender, lane, opens, id) SELECT sender, lane, opens, id FROM came WHERE state = 0; INSERT INTO under_way (district, claimed_until, ids) SELECT district, COALESCE(claimed_until, 0), array_agg(id) FROM came WHERE state = 1 GROUP BY 1, 2; INSERT INTO aside (district, kind, key, id) SELECT district, CASE state WHEN 8 THEN 8 WHEN 5 THEN 5 ELSE 4 END, CASE state WHEN 8 THEN rendition WHEN 5 THEN opens ELSE 0 END, id FROM came WHERE state = 8 OR (state = 5 AND restored > 0) OR (state IN (4, 6, 7) AND walked = 0); RETURN NULL; END $$;
POSTGRESQL CREATE FUNCTION delivery_went() RETURNS trigger LANGUAGE plpgsql SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off SET enable_bitmapscan = off AS $$ BEGIN IF EXISTS (SELECT 1 FROM went WHERE state = 0) THEN EXECUTE 'DELETE FROM waiting w USING went d WHERE d.state = 0 AND w.sender = d.sender AND w.lane = d.lane AND w.opens = d.opens AND w.id = d.id'; END IF; IF EXISTS (SELECT 1 FROM went WHERE state IN (4, 5, 6, 7, 8)) THEN EXECUTE 'DELETE FROM aside a USING went d WHERE (d.state = 8 OR (d.state = 5 AND d.restored > 0) OR (d.state IN (4, 6, 7) AND d.walked = 0)) AND a.district = d.district AND a.kind = CASE d.state WHEN 8 THEN 8 WHEN 5 THEN 5 ELSE 4 END AND a.key = CASE d.state WHEN 8 THEN d.rendition WHEN 5 THEN d.opens ELSE 0 END AND a.id = d.id'; END IF; RETURN NULL; END $$;
POSTGRESQL CREATE TRIGGER delivery_came AFTER INSERT ON delivery REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION delivery_came();
POSTGRESQL CREATE TRIGGER delivery_left AFTER DELETE ON delivery REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION delivery_went();
POSTGRESQL CREATE TRIGGER delivery_moved_away AFTER UPDATE ON delivery REFERENCING OLD TABLE AS went FOR EACH STATEMENT EXECUTE FUNCTION delivery_went();
POSTGRESQL CREATE TRIGGER delivery_moved_there AFTER UPDATE ON delivery REFERENCING NEW TABLE AS came FOR EACH STATEMENT EXECUTE FUNCTION delivery_came();
POSTGRESQL DROP INDEX delivery_due;
POSTGRESQL DROP INDEX delivery_late;
POSTGRESQL DROP INDEX delivery_held;
POSTGRESQL DROP INDEX delivery_restored;
POSTGRESQL DROP INDEX delivery_fallen;
POSTGRESQL ALTER TABLE delivery SET (fillfactor = 45)
