-- CreateTable
CREATE TABLE "schedule" (
    "id" TEXT NOT NULL,
    "process" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "customer_id" TEXT,
    "region_path" TEXT NOT NULL,
    "input" JSONB NOT NULL,
    "cron" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL,
    "overlap" TEXT NOT NULL,
    "catch_up" INTEGER NOT NULL,
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "note" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "changed_by" TEXT NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "schedule_run" (
    "schedule_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "order_id" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "schedule_run_pkey" PRIMARY KEY ("schedule_id","at")
);

-- CreateIndex
CREATE UNIQUE INDEX "schedule_run_order_id_key" ON "schedule_run"("order_id");

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_region_path_fkey" FOREIGN KEY ("region_path") REFERENCES "region"("path") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule_run" ADD CONSTRAINT "schedule_run_schedule_id_fkey" FOREIGN KEY ("schedule_id") REFERENCES "schedule"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- ── By hand: what the schema language has no words for ───────────────────────────────────────────────────────────────

-- Regions compare byte by byte, as everywhere.
ALTER TABLE schedule ALTER COLUMN region_path TYPE TEXT COLLATE "C";
ALTER TABLE schedule
  ADD CONSTRAINT schedule_overlap CHECK (overlap IN ('skip', 'buffer-one', 'allow-all')),
  ADD CONSTRAINT schedule_catch_up CHECK (catch_up >= 1);
