/**
 * Inlay hints: at the end of each layer what it can cost, over all architectures of the space, and behind each limit
 * or schedule what the space can give. Each kind has a setting. The tooltip is made when somebody points at a hint.
 */

import { InlayHintKind, type InlayHint } from 'vscode-languageserver-types';
import type { Span } from '../../grammar/ast.ts';
import { constraintViews } from '../analysis/constraints.ts';
import { layersOf, spaceCosts, usesOf, type LayerCost } from '../analysis/costs.ts';
import { referencesIn } from '../analysis/names.ts';
import type { HintKind, Settings } from '../analysis/settings.ts';
import type { Snapshot } from '../analysis/snapshot.ts';
import { resolvedTargets } from '../analysis/targets.ts';
import { nearest } from '../../grammar/index.ts';
import { constraintHover } from './hover-constraint.ts';
import { plainClient, type HoverClient } from './hover-client.ts';
import { layerTooltip } from './hover-layer.ts';
import { useTooltip } from './hover-space.ts';
import {
  formatBytes,
  formatCount,
  formatEnergy,
  formatMetric,
  formatShape,
  formatTime,
} from '../../engine/cost/index.ts';
import { scheduledMetrics } from '../../engine/space/index.ts';
import { valuesOf } from './values.ts';

/** What a hint carries to be resolved: enough to find its layer again. */
interface HintData {
  readonly uri: string;
  readonly version: number | null;
  readonly start: number;
}

export function inlayHints(snapshot: Snapshot, within: Span, settings: Settings): InlayHint[] {
  const shown = settings.inlayHints;
  const hints: InlayHint[] = [];
  for (const layer of layersOf(snapshot)) {
    const hint = costHint(snapshot, layer, within, layerLabel(layer, shown));
    if (hint !== undefined) hints.push(hint);
  }
  if (shown.uses) {
    for (const use of usesOf(snapshot)) {
      const label = layerLabel(use, { ...shown, shapes: false });
      const hint = costHint(snapshot, use, within, label === '' ? '' : `Σ ${label}`);
      if (hint !== undefined) hints.push(hint);
    }
  }
  if (shown.limits) hints.push(...limitHints(snapshot, within), ...scheduleHints(snapshot, within));
  if (shown.values) hints.push(...valueHints(snapshot, within));
  return hints.sort(
    (a, b) => a.position.line - b.position.line || a.position.character - b.position.character,
  );
}

function costHint(
  snapshot: Snapshot,
  { statement: { start, end } }: LayerCost,
  within: Span,
  label: string,
): InlayHint | undefined {
  if (end < within.start || start > within.end || label === '') return undefined;
  const data: HintData = { uri: snapshot.uri, version: snapshot.version ?? null, start };
  return { position: snapshot.lines.positionAt(end), label, paddingLeft: true, data };
}

/** Fills in the tooltip; the hint as it was when the text has moved on. */
export function resolveInlayHint(
  snapshot: Snapshot | undefined,
  hint: InlayHint,
  client: HoverClient = plainClient,
): InlayHint {
  const data = hint.data as Partial<HintData> | undefined;
  if (snapshot === undefined || data?.version !== (snapshot.version ?? null)) return hint;
  const isMeant = ({ statement }: LayerCost): boolean => statement.start === data.start;
  const layer = layersOf(snapshot).find(isMeant);
  const use = layer === undefined ? usesOf(snapshot).find(isMeant) : undefined;
  const markdown =
    layer !== undefined
      ? layerTooltip(snapshot, layer, client)
      : use !== undefined
        ? useTooltip(snapshot, use)
        : limitTooltip(snapshot, data.start ?? -1);
  return markdown === undefined ? hint : { ...hint, tooltip: { kind: 'markdown', value: markdown } };
}

/** The document that a hint came from. */
export function hintUri(hint: InlayHint): string | undefined {
  const uri = (hint.data as Partial<HintData> | undefined)?.uri;
  return typeof uri === 'string' ? uri : undefined;
}

function layerLabel(layer: LayerCost, shown: Readonly<Record<HintKind, boolean>>): string {
  const [first] = layer.targets;
  const parts: string[] = [];
  if (shown.shapes && layer.example !== undefined) parts.push(`→ ${formatShape(layer.example.output)}`);
  const costs = first?.metrics;
  if (shown.latency && costs?.latency !== undefined) parts.push(formatTime(costs.latency));
  if (shown.ram && costs !== undefined) parts.push(formatBytes(costs.ram));
  if (shown.flash && costs !== undefined && costs.flash.high > 0)
    parts.push(`${formatBytes(costs.flash)} flash`);
  if (shown.macs && layer.macs.high > 0) parts.push(formatCount(layer.macs, 'MACs'));
  if (shown.energy && costs?.energy !== undefined) parts.push(formatEnergy(costs.energy));
  return parts.join(' · ');
}

/** Beside a schedule and its battery: what the first space gives. */
function scheduleHints(snapshot: Snapshot, within: Span): InlayHint[] {
  const [cost] = spaceCosts(snapshot);
  return resolvedTargets(snapshot).flatMap(({ setting, target }) => {
    const bounds = cost?.targets.find((each) => each.target === target)?.bounds;
    return scheduledMetrics.flatMap((metric) => {
      const place = setting.places[metric === 'average power' ? 'schedule' : 'battery'];
      const bound = bounds?.scheduled[metric];
      if (place === undefined || bound === undefined || place.file !== snapshot.uri) return [];
      if (place.end < within.start || place.start > within.end) return [];
      const label = formatMetric(metric, bound);
      return [{ position: snapshot.lines.positionAt(place.end), label, paddingLeft: true }];
    });
  });
}

/** On the first target, as at the layers. */
function limitHints(snapshot: Snapshot, within: Span): InlayHint[] {
  const places = new Set<number>();
  return constraintViews(snapshot).flatMap(({ setting, range, runtimeBytes }) => {
    const { file, start, end } = setting.source;
    const isHere = file === snapshot.uri && end >= within.start && start <= within.end;
    if (!isHere || places.has(start) || setting.implied) return [];
    places.add(start);
    const data: HintData = { uri: snapshot.uri, version: snapshot.version ?? null, start };
    const label =
      runtimeBytes === undefined || setting.metric === 'flash total'
        ? range
        : `${range} + ${formatBytes(runtimeBytes)} of runtime`;
    return [{ position: snapshot.lines.positionAt(end), label, paddingLeft: true, data }];
  });
}

function limitTooltip(snapshot: Snapshot, start: number): string | undefined {
  const constraint = nearest(snapshot.path(start), 'constraint');
  return constraint === undefined ? undefined : constraintHover(snapshot, constraint);
}

/** After the name that a `let` or `tie` defines: the values it can have. */
function valueHints(snapshot: Snapshot, within: Span): InlayHint[] {
  return referencesIn(snapshot).flatMap(({ access, span, symbol }) => {
    if (access !== 'definition' || span.end < within.start || span.start > within.end) return [];
    if (symbol.kind !== 'let' && symbol.kind !== 'tie' && symbol.kind !== 'parameter') return [];
    const values = valuesOf(symbol);
    if (values === undefined) return [];
    return [
      {
        position: snapshot.lines.positionAt(span.end),
        label: `: ${values}`,
        kind: InlayHintKind.Type,
        paddingRight: true,
      },
    ];
  });
}
