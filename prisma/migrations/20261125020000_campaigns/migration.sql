-- CreateTable
CREATE TABLE "campaign" (
    "id" TEXT NOT NULL,
    "name_zh" TEXT NOT NULL,
    "name_en" TEXT NOT NULL,
    "region_path" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "budget" BIGINT NOT NULL,
    "spent" BIGINT NOT NULL DEFAULT 0,
    "from_day" DATE NOT NULL,
    "to_day" DATE NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'draft',
    "saved_by" TEXT NOT NULL,
    "saved_at" TIMESTAMPTZ(3) NOT NULL,
    "started_by" TEXT,
    "started_at" TIMESTAMPTZ(3),

    CONSTRAINT "campaign_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "campaign_member" (
    "campaign_id" TEXT NOT NULL,
    "customer_id" TEXT NOT NULL,
    "arm" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "campaign_member_pkey" PRIMARY KEY ("campaign_id","customer_id")
);

-- CreateTable
CREATE TABLE "campaign_cost" (
    "order_id" TEXT NOT NULL,
    "campaign_id" TEXT NOT NULL,
    "amount" BIGINT NOT NULL,
    "step" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "campaign_cost_pkey" PRIMARY KEY ("order_id")
);

-- CreateIndex
CREATE INDEX "campaign_member_customer_id_idx" ON "campaign_member"("customer_id");

-- CreateIndex
CREATE INDEX "campaign_cost_campaign_id_idx" ON "campaign_cost"("campaign_id");

-- AddForeignKey
ALTER TABLE "campaign_member" ADD CONSTRAINT "campaign_member_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_member" ADD CONSTRAINT "campaign_member_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "campaign_cost" ADD CONSTRAINT "campaign_cost_campaign_id_fkey" FOREIGN KEY ("campaign_id") REFERENCES "campaign"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- ── By hand: what the schema language has no words for ───────────────────────────────────────────────────────────────

-- Region paths compare byte by byte.
ALTER TABLE campaign ALTER COLUMN region_path TYPE TEXT COLLATE "C";
ALTER TABLE campaign
  ADD CONSTRAINT campaign_state CHECK (state IN ('draft', 'running', 'paused', 'stopped')),
  ADD CONSTRAINT campaign_started CHECK (state = 'draft' OR (started_by IS NOT NULL AND started_at IS NOT NULL)),
  ADD CONSTRAINT campaign_period CHECK (to_day >= from_day),
  -- However many cases close at once.
  ADD CONSTRAINT campaign_within_budget CHECK (spent BETWEEN 0 AND budget);
ALTER TABLE campaign_member ADD CONSTRAINT campaign_member_arm CHECK (arm IN ('treated', 'holdout'));
ALTER TABLE campaign_cost ADD CONSTRAINT campaign_cost_amount CHECK (amount >= 0);

-- What the cases cost and what the campaign has spent are one figure.
CREATE FUNCTION campaign_spent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    UPDATE campaign SET spent = spent - OLD.amount + CASE WHEN TG_OP = 'UPDATE' AND NEW.campaign_id = OLD.campaign_id THEN NEW.amount ELSE 0 END
     WHERE id = OLD.campaign_id;
  ELSE
    UPDATE campaign SET spent = spent + NEW.amount WHERE id = NEW.campaign_id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER campaign_spent AFTER INSERT OR UPDATE OR DELETE ON campaign_cost FOR EACH ROW EXECUTE FUNCTION campaign_spent();
