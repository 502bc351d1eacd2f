-- AlterTable
ALTER TABLE "calendar" ADD COLUMN     "changed_by" TEXT,
ADD COLUMN     "note" TEXT;

-- CreateTable
CREATE TABLE "order_find" (
    "order_id" TEXT NOT NULL,
    "words" TEXT NOT NULL,
    "pairs" TEXT[],

    CONSTRAINT "order_find_pkey" PRIMARY KEY ("order_id")
);

-- CreateTable
CREATE TABLE "saved_view" (
    "id" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "unit_id" TEXT,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" JSONB NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "order_find_pairs_idx" ON "order_find" USING GIN ("pairs");

-- CreateIndex
CREATE INDEX "saved_view_owner_id_idx" ON "saved_view"("owner_id");

-- CreateIndex
CREATE INDEX "saved_view_unit_id_idx" ON "saved_view"("unit_id");

-- AddForeignKey
ALTER TABLE "order_find" ADD CONSTRAINT "order_find_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "orders"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_owner_id_fkey" FOREIGN KEY ("owner_id") REFERENCES "staff"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "saved_view" ADD CONSTRAINT "saved_view_unit_id_fkey" FOREIGN KEY ("unit_id") REFERENCES "org_unit"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Written by hand: what the schema language has no words for.

-- Pairs of neighbouring letters; what has one letter has none.
CREATE FUNCTION letter_pairs(words text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN coalesce((SELECT array_agg(DISTINCT substr(lower(words), i, 2)) FROM generate_series(1, length(words) - 1) AS i), '{}');

CREATE FUNCTION keep_order_find() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said text := lower(concat_ws(' ', NEW.no, NEW.source_no, NEW.title));
BEGIN
  INSERT INTO order_find (order_id, words, pairs) VALUES (NEW.id, said, letter_pairs(said))
    ON CONFLICT (order_id) DO UPDATE SET words = excluded.words, pairs = excluded.pairs;
  RETURN NULL;
END
$$;

CREATE TRIGGER orders_find_insert AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION keep_order_find();
-- The number may come with a later move; the rest is settled when the order opens.
CREATE TRIGGER orders_find_update AFTER UPDATE OF no ON orders FOR EACH ROW
  WHEN (OLD.no IS DISTINCT FROM NEW.no) EXECUTE FUNCTION keep_order_find();

INSERT INTO order_find (order_id, words, pairs)
SELECT o.id, w.said, letter_pairs(w.said) FROM orders o, LATERAL (SELECT lower(concat_ws(' ', o.no, o.source_no, o.title)) AS said) w;
