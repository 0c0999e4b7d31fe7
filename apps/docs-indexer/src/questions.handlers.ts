import { Controller } from '@nestjs/common';
import {
  docsCallers, docsClassMethods, docsCypher, docsDependencies, docsDescribe, docsFind, docsImpact, docsMap, docsSearch, docsStats, docsSurroundings, type CommandDefinition, type ReplyOf, type RequestOf,
} from '@cascade/contracts';
import { fusedSearch, type DocsReadModel } from '@cascade/docs-graph';
import { OnCommand } from '@cascade/streams';
import { docsMetrics } from '@cascade/telemetry';
import type { BranchVectors } from './branch-vectors.js';
import { Branches, type Named } from './branches.js';
import { OpenedDocumentation } from './opened-documentation.js';

/** Answers questions: from memory, except those that an operator writes in Cypher. */
@Controller()
export class QuestionHandlers {
  constructor(private readonly documentation: OpenedDocumentation, private readonly branches: Branches) {}

  @OnCommand(docsSearch)
  search(request: RequestOf<typeof docsSearch>): Promise<ReplyOf<typeof docsSearch>> {
    return this.answer(docsSearch, request, (model, vectors) => fusedSearch(model, vectors?.index, request.query, request.limit, request.kinds));
  }

  @OnCommand(docsDependencies)
  dependencies(request: RequestOf<typeof docsDependencies>): Promise<ReplyOf<typeof docsDependencies>> {
    return this.answer(docsDependencies, request, (model) => model.dependencies(request.symbol, request.depth));
  }

  @OnCommand(docsCallers)
  callers(request: RequestOf<typeof docsCallers>): Promise<ReplyOf<typeof docsCallers>> {
    return this.answer(docsCallers, request, (model) => model.callers(request.symbol, request.depth));
  }

  @OnCommand(docsClassMethods)
  classMethods(request: RequestOf<typeof docsClassMethods>): Promise<ReplyOf<typeof docsClassMethods>> {
    return this.answer(docsClassMethods, request, (model) => model.classMethods(request.symbol));
  }

  @OnCommand(docsImpact)
  impact(request: RequestOf<typeof docsImpact>): Promise<ReplyOf<typeof docsImpact>> {
    return this.answer(docsImpact, request, (model) => model.impact(request.symbol, request.depth));
  }

  @OnCommand(docsDescribe)
  describe(request: RequestOf<typeof docsDescribe>): Promise<ReplyOf<typeof docsDescribe>> {
    return this.answer(docsDescribe, request, (model) => model.describe(request.symbol));
  }

  @OnCommand(docsMap)
  map(request: RequestOf<typeof docsMap>): Promise<ReplyOf<typeof docsMap>> {
    return this.answer(docsMap, request, (model) => model.map(request.tokens));
  }

  @OnCommand(docsFind)
  find(request: RequestOf<typeof docsFind>): Promise<ReplyOf<typeof docsFind>> {
    return this.answer(docsFind, request, (model) => ({ names: model.lookUp(request.names) }));
  }

  @OnCommand(docsSurroundings)
  surroundings(request: RequestOf<typeof docsSurroundings>): Promise<ReplyOf<typeof docsSurroundings>> {
    return this.answer(docsSurroundings, request, (model) => model.surroundings(request));
  }

  @OnCommand(docsStats)
  stats(request: RequestOf<typeof docsStats>): Promise<ReplyOf<typeof docsStats>> {
    return this.answer(docsStats, request, (model) => model.stats());
  }

  @OnCommand(docsCypher)
  cypher(request: RequestOf<typeof docsCypher>): Promise<ReplyOf<typeof docsCypher>> {
    const { query, parameters, rows, timeoutMs } = request;
    return this.answer(docsCypher, request, () => this.documentation.get().store.cypher(query, parameters, { rows, timeoutMs }));
  }

  /** The model's answers are read-only, which replies are not; each is parsed by its contract before it is sent. */
  private async answer<Reply extends object>({ type: question }: CommandDefinition, named: Named, ask: (model: DocsReadModel, vectors: BranchVectors | undefined) => object | Promise<object>): Promise<Reply> {
    const begin = performance.now();
    let result: 'answered' | 'failed' = 'failed';
    try {
      const { model, vectors, state } = await this.branches.ask(named);
      const reply = { ...state, ...await ask(model, vectors) } as Reply;
      result = 'answered';
      return reply;
    } finally {
      docsMetrics.questions.add({ question, result });
      docsMetrics.questionSeconds.observe({}, (performance.now() - begin) / 1_000);
    }
  }
}
