import { model } from 'fastflowtransform'

interface Order {
  readonly order_id: bigint
  readonly customer_id: bigint
  readonly ordered_at: string
}

/** Hours since the customer's order before: a walk over the orders, in TypeScript on every engine. */
export default model(
  { deps: ['fct_orders'], columns: { hours_since_last: 'integer' } },
  async function* ({ fct_orders }) {
    const last = new Map<bigint, number>()
    const orders = await fct_orders.rows<Order>().toArray()
    for (const { order_id, customer_id, ordered_at } of orders.sort((a, b) => Number(a.order_id - b.order_id))) {
      const now = Date.parse(`${ordered_at.replace(' ', 'T')}Z`)
      const before = last.get(customer_id)
      const hours_since_last = before === undefined ? null : Math.floor((now - before) / 3_600_000)
      yield { order_id, customer_id, ordered_at, hours_since_last }
      last.set(customer_id, now)
    }
  },
)
