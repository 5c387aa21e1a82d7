/** Where people are. */
export const BASE = 'ou=people,dc=test'

/** Somebody with a simple name, and a password that is not ASCII. */
export const ALICE = { name: 'alice', password: 'pass:wörd€ 🔑' }

/** Somebody whose name holds all that means something in a distinguished name. */
export const MUELLER = {
  name: '#Müller, "Ö"+<x>;c\\d=e',
  dn: `uid=\\#Müller\\, \\"Ö\\"\\+\\<x\\>\\;c\\\\d\\=e,${BASE}`,
  // Longer than a length of one byte can say.
  password: 'geheim '.repeat(50),
}

/** Somebody below another branch, whom the gateway's base and attribute do not name. */
export const BOSS = { dn: `uid=boss,ou=admins,${BASE}`, password: 'boss' }

/** All of them, as slapadd reads it. */
export const PEOPLE = `
dn: dc=test
objectClass: dcObject
objectClass: organization
o: Test

dn: ${BASE}
objectClass: organizationalUnit

dn: ou=admins,${BASE}
objectClass: organizationalUnit
${personOf(`uid=${ALICE.name},${BASE}`, ALICE.password)}
${personOf(MUELLER.dn, MUELLER.password)}
${personOf(BOSS.dn, BOSS.password)}`

/** An entry's attributes that its name holds are slapadd's to add. */
function personOf(dn: string, password: string): string {
  return `
dn:: ${base64(dn)}
objectClass: inetOrgPerson
cn: somebody
sn: somebody
userPassword:: ${base64(password)}
`
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
