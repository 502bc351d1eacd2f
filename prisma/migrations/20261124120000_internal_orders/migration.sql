-- Orders of the company's own work are about no customer.
ALTER TABLE "orders" ALTER COLUMN "customer_id" DROP NOT NULL;
