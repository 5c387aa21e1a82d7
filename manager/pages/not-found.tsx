import { linkTo } from '../location.ts'
import { LinkButton } from '../parts/button.tsx'
import { Empty } from '../parts/empty.tsx'
import { PageHeader } from '../parts/page-header.tsx'

/** Says that there is nothing at this place. */
export function NotFoundPage() {
  return (
    <>
      <PageHeader title="Not Found" />
      <Empty
        title="There is no such page"
        action={<LinkButton href={linkTo([])}>Overview</LinkButton>}
      />
    </>
  )
}
