import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { AppClient } from '../../shared/contract/app-contract.js';
import type { Connection } from '../connection/connection.js';
import type { UiState, UiStore } from './ui-store.js';
import type { ViewState, ViewStore } from './view-store.js';

/** What every component may reach: what the runtime told, what is mine, and the way to ask for something. */
export interface Services {
  readonly views: ViewStore;
  readonly ui: UiStore;
  readonly connection: Connection;
  /** The client of the open link; throws a sentence while there is none. */
  readonly client: () => AppClient;
}

export const ServicesContext = createContext<Services | null>(null);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === null) throw new Error('There are no services around this component.');
  return services;
}

/** A part of what the runtime told; drawn again only when that part changes. */
export function useView<T>(select: (state: ViewState) => T): T {
  return useStore(useServices().views, select);
}

/** A part of what is mine. */
export function useUi<T>(select: (state: UiState) => T): T {
  return useStore(useServices().ui, select);
}
