-- Two Latin letters or digits are common: their lists grow with the orders, and a word of six is met by five of them. Three are rare, so the
-- index holds those as well, and a word of three or more is looked for by them. Two Chinese characters are rare enough.
ALTER TABLE order_find RENAME COLUMN pairs TO parts;
DROP INDEX order_find_pairs_idx;
DROP TRIGGER orders_find_insert ON orders;
DROP TRIGGER orders_find_update ON orders;
DROP FUNCTION keep_order_find();
DROP FUNCTION letter_pairs(text);

-- What is kept: pairs of neighbouring characters, and triples of Latin letters and digits. What has one character has none.
CREATE FUNCTION letter_parts(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN coalesce((
    SELECT array_agg(DISTINCT part)
      FROM (SELECT lower(words) AS w) AS l, generate_series(1, length(words) - 1) AS i,
           LATERAL (VALUES (substr(w, i, 2)), (substring(substr(w, i, 3) COLLATE "C" FROM '^[a-z0-9]{3}$'))) AS p (part)
     WHERE part IS NOT NULL), '{}');

-- What is looked for: the triples, and the pairs that no triple holds. All of these are among the kept ones of words that hold `words`.
CREATE FUNCTION letter_parts_wanted(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN coalesce((
    SELECT array_agg(DISTINCT CASE WHEN here THEN substr(w, i, 3) ELSE substr(w, i, 2) END) FILTER (WHERE here OR NOT before)
      FROM (SELECT lower(words) AS w) AS l, generate_series(1, length(words) - 1) AS i,
           LATERAL (SELECT substr(w, i, 3) COLLATE "C" ~ '^[a-z0-9]{3}$' AS here,
                           i > 1 AND substr(w, i - 1, 3) COLLATE "C" ~ '^[a-z0-9]{3}$' AS before) AS latin), '{}');

CREATE FUNCTION keep_order_find() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said text := lower(concat_ws(' ', NEW.no, NEW.source_no, NEW.title));
BEGIN
  INSERT INTO order_find (order_id, words, parts) VALUES (NEW.id, said, letter_parts(said))
    ON CONFLICT (order_id) DO UPDATE SET words = excluded.words, parts = excluded.parts;
  RETURN NULL;
END
$$;
CREATE TRIGGER orders_find_insert AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION keep_order_find();
CREATE TRIGGER orders_find_update AFTER UPDATE OF no ON orders FOR EACH ROW
  WHEN (OLD.no IS DISTINCT FROM NEW.no) EXECUTE FUNCTION keep_order_find();

UPDATE order_find SET parts = letter_parts(words);
CREATE INDEX order_find_parts_idx ON order_find USING GIN (parts);
