import type { Dialect } from '../../domain/dialect.ts';

/**
 * A probe from elsewhere. It says that the rig was reached from where the exporter stands, which only a probe from outside
 * the site makes a statement about the line. Labels of its target name the rig.
 */
export const blackboxExporter: Dialect = {
  id: 'blackbox_exporter',
  evidence: 'published',
  source: 'prometheus/blackbox_exporter README.md',
  scope: 'outside',
  nameLabels: [],
  series: { probe_success: { kind: 'probe' } },
};
