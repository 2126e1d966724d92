package com.vantage.syncstate.support;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class InstalledProgramsTest {

    @Test
    void namesThePackagesThatAreMissing() {
        InstalledPrograms.require("sh");

        assertThatThrownBy(() -> InstalledPrograms.require("nothing-here", "sh", "nor-this"))
                .hasMessageEndingWith("Debian: apt-get install nothing-here nor-this");
    }
}
