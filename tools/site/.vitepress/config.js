// The configuration of VitePress. tools/site/run copies it to target/site-build, and the Markdown files to a folder beside
// it. A page has the address of its file; README.md is the first page.
import fs from 'node:fs'
import path from 'node:path'
import { slug } from 'github-slugger'
import { defineConfig } from 'vitepress'
import manifest from '../package.json' with { type: 'json' }

const root = path.resolve(import.meta.dirname, '../../..')
const repository = manifest.repository

const using = [
  ['Tutorial', 'docs/tutorial.md'],
  ['Cookbook', 'docs/cookbook.md'],
  ['Questions and answers', 'docs/faq.md'],
  ['Deployment', 'docs/deploy.md'],
  ['Observability', 'docs/observability.md'],
  ['Descriptors', 'docs/descriptors.md'],
  ['Tests without a kernel', 'docs/testing.md'],
]
const comingFrom = [
  ['Python', 'docs/from-python.md'],
  ['java.nio.channels', 'docs/from-nio.md'],
  ['Netty', 'docs/from-netty.md'],
  ['NIO programs, unchanged', 'docs/nio.md'],
]
const reference = [
  ['Platforms', 'docs/platforms.md'],
  ['Compatibility', 'docs/compatibility.md'],
  ['Performance', 'docs/performance.md'],
  ['Measurements', 'docs/performance/results.md'],
  ['Design', 'docs/design.md'],
]
const project = [
  ['Changes', 'CHANGELOG.md'],
  ['Contributing', 'CONTRIBUTING.md'],
  ['Releasing', 'RELEASING.md'],
  ['Security', 'SECURITY.md'],
  ['Code of conduct', 'CODE_OF_CONDUCT.md'],
]

const sections = [
  ['Using it', using],
  ['Coming from', comingFrom],
  ['Reference', reference],
  ['Project', project],
]

const listed = new Set(['README.md', ...sections.flatMap(([, entries]) => entries.map(([, file]) => file))])
const pages = new Set(fs.readdirSync('pages', { recursive: true }).filter((file) => file.endsWith('.md')))
for (const page of [...pages].filter((page) => !listed.has(page))) {
  throw new Error(`${page} is not in the sidebar: list it in tools/site/.vitepress/config.js`)
}

/** Returns the address on the site of a link in a Markdown file: a page, a picture, or else a file of the repository. */
function address(link, page) {
  if (/^([a-z]+:|#|\/)/i.test(link)) {
    return link
  }
  const [file, fragment] = link.split('#')
  const target = path.relative(root, path.resolve(root, path.dirname(page), file))
  const anchor = fragment === undefined ? '' : '#' + fragment
  if (target === 'README.md') {
    return '/' + anchor
  }
  if (pages.has(target)) {
    return '/' + target + anchor
  }
  const stats = fs.statSync(path.join(root, target), { throwIfNoEntry: false })
  if (stats === undefined) {
    throw new Error(`${page}: dead link ${link}`)
  }
  return `${repository}/${stats.isDirectory() ? 'tree' : 'blob'}/main/${target}${anchor}`
}

function rewriteLinks(markdown) {
  markdown.core.ruler.push('repository-links', (state) => {
    for (const token of state.tokens.flatMap((block) => block.children ?? [])) {
      if (token.type === 'link_open') {
        token.attrSet('href', address(token.attrGet('href'), state.env.relativePath === 'index.md' ? 'README.md' : state.env.relativePath))
      }
    }
  })
}

export default defineConfig({
  title: 'selectors4j',
  description: 'Wait for I/O on any file descriptor, from Java',
  lang: 'en',
  srcDir: 'pages',
  outDir: '../site',
  rewrites: { 'README.md': 'index.md' },
  vite: { build: { assetsInlineLimit: 0 } }, // pictures stay files
  ignoreDeadLinks: true, // check-links.js checks all links, those into the javadoc and to headings too
  markdown: {
    anchor: { slugify: slug }, // the names that GitHub gives to headings
    config: rewriteLinks,
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Tutorial', link: '/docs/tutorial' },
      { text: 'Cookbook', link: '/docs/cookbook' },
      { text: 'API', link: '/javadoc/index.html', target: '_blank' },
    ],
    sidebar: [
      { text: 'selectors4j', link: '/' },
      ...sections.map(([text, entries]) => ({
        text,
        items: entries
          .filter(([, file]) => pages.has(file))
          .map(([name, file]) => ({ text: name, link: '/' + file.replace(/\.md$/, '') })),
      })),
    ],
    socialLinks: [{ icon: 'github', link: repository }],
  },
})
