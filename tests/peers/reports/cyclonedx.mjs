// Validates a CycloneDX 1.6 document against its JSON schema, strictly, with CycloneDX's own library.
// usage: cyclonedx.mjs FILE
// 1 for what is not valid, with the places on standard error.
import { readFileSync } from 'node:fs';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: cyclonedx.mjs FILE');
  process.exit(2);
}
const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
const errors = await validator.validate(readFileSync(file, 'utf8'));
if (errors !== null) {
  console.error(`rejected: ${JSON.stringify(errors, null, 1)}`);
  process.exitCode = 1;
}
