// Checks all links of target/site. A link inside of the site must lead to a file, and its fragment to an element of this
// file. Links to other sites are not followed: their addresses must have the form of one, and
// target/site-external-links.txt lists them.
//
// linkinator, the usual tool, names the wrong page of a dead fragment, and check-html-links takes javadoc's for dead.
import fs from 'node:fs'
import path from 'node:path'
import { Parser } from 'htmlparser2'

const target = path.resolve(import.meta.dirname, '..')
const site = path.join(target, 'site')
const origin = 'https://site.invalid'

/** Returns the names of the elements of a page, and the addresses that it links to. */
function read(file) {
  const names = new Set(['', 'top'])
  const links = []
  const parser = new Parser({
    onopentag(tag, { id, name, href, src }) {
      names.add(id).add(tag === 'a' ? name : id)
      links.push(...[href, src].filter((link) => link !== undefined))
    },
  })
  parser.end(fs.readFileSync(file, 'utf8'))
  return { names, links }
}

const files = fs.readdirSync(site, { recursive: true }).filter((file) => fs.statSync(path.join(site, file)).isFile())
const pages = new Map(files.filter((file) => file.endsWith('.html')).map((file) => [file, read(path.join(site, file))]))
const known = new Set(files)
const external = new Set()
let links = 0
let dead = 0

/** Returns what is wrong with a link on a page, or undefined. */
function problem(link, page) {
  if (!URL.canParse(link, `${origin}/${page}`)) {
    return 'no address'
  }
  const url = new URL(link, `${origin}/${page}`)
  if (url.origin !== origin) {
    external.add(link)
    return /^(https:\/\/[\w-]+(\.[\w-]+)+(:\d+)?\/.*|mailto:.+|javascript:.*)$/.test(url.href) ? undefined : 'no address'
  }
  const file = decodeURIComponent(url.pathname.slice(1)).replace(/(^|\/)$/, '$1index.html')
  if (!known.has(file)) {
    return 'no such file'
  }
  const fragment = decodeURIComponent(url.hash.slice(1))
  return pages.get(file)?.names.has(fragment) ?? fragment === '' ? undefined : 'no such heading or element'
}

for (const [page, { links: found }] of pages) {
  for (const link of found) {
    const reason = problem(link, page)
    links++
    if (reason !== undefined) {
      dead++
      console.error(`${page}: dead link ${link}: ${reason}`)
    }
  }
}
fs.writeFileSync(path.join(target, 'site-external-links.txt'), [...external].sort().join('\n') + '\n')
console.log(`${pages.size} pages, ${links} links, ${dead} dead, ${external.size} addresses of other sites`)
process.exit(dead === 0 && links > 0 ? 0 : 1)
