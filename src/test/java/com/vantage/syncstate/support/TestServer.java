package com.vantage.syncstate.support;

import com.vantage.syncstate.support.TestDatabase.Address;
import com.vantage.syncstate.support.TestDatabase.Server;

/** The servers for what must hold on the newest PostgreSQL and on the oldest. */
public enum TestServer {
    /** The one that all tests run on, version 18 unless another is chosen. */
    DEFAULT {
        @Override
        public Address create() {
            return TestDatabase.create();
        }

        @Override
        public Address createAlone() {
            return TestDatabase.create(TestDatabase.server());
        }
    },

    /** The one that is installed on this machine, version 15 on Debian 12. */
    INSTALLED {
        @Override
        public Address create() {
            return TestDatabase.create(Shared.SERVER);
        }

        @Override
        public Address createAlone() {
            return TestDatabase.create(InstalledPostgres.start());
        }
    };

    /** A new, empty database. */
    public abstract Address create();

    /** A new, empty database on a server of its own, for tests of what belongs to the whole server. */
    public abstract Address createAlone();

    /** Started with its first use. */
    private static final class Shared {

        static final Server SERVER = InstalledPostgres.start();
    }
}
