import 'reflect-metadata';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { defineEvent, OnEvent, outcome, publication, StreamsClient, StreamsServer, type EventOf, type Outcome } from '@cascade/streams';
import { z } from 'zod';

const orderPlaced = defineEvent('order.placed', 'Somebody ordered.', z.object({ item: z.string() }));
const orderPacked = defineEvent('order.packed', 'It can be sent.', z.object({ item: z.string(), box: z.int() }));

@Controller()
class Warehouse {
  @OnEvent(orderPlaced)
  async pack({ data }: EventOf<typeof orderPlaced>): Promise<Outcome> {
    return outcome({ publish: [publication(orderPacked, { item: data.item, box: 7 })] });
  }
}

@Module({ controllers: [Warehouse] })
class Shop {}

const redis = { url: process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379' };
const shop = await NestFactory.createMicroservice(Shop, { strategy: new StreamsServer({ redis, service: 'warehouse' }) });
await shop.listen();
new StreamsClient({ redis }).emit(orderPlaced, { item: 'lamp' });
