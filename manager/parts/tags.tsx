/** Tags of a row, as links where `hrefOf` says so; a dash for none. */
export function Tags({
  tags,
  hrefOf,
}: {
  tags: unknown
  hrefOf?: ((tag: string) => string) | undefined
}) {
  const list = Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : []
  if (list.length === 0) return <span class="soft">–</span>
  return (
    <span class="tags">
      {list.map((tag) =>
        hrefOf === undefined ? (
          <span key={tag} class="tag">
            {tag}
          </span>
        ) : (
          <a key={tag} class="tag" href={hrefOf(tag)}>
            {tag}
          </a>
        ),
      )}
    </span>
  )
}
