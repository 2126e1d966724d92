package com.vantage.syncstate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.web.bind.annotation.RestController;

/** Arrows between the packages point one way, and each kind of class does its own work. */
@AnalyzeClasses(packages = "com.vantage.syncstate", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String[] FEATURES = {
        "..sync..", "..run..", "..alert..", "..live..", "..badge..", "..supabase.."
    };

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("com.vantage.syncstate.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule whatEveryFeatureStandsOnKnowsNoFeature = noClasses()
            .that()
            .resideInAnyPackage("..database..", "..security..", "..settings..", "..web..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FEATURES);

    @ArchTest
    static final ArchRule syncKnowsNoOtherFeature = noClasses()
            .that()
            .resideInAPackage("..sync..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..alert..", "..live..", "..badge..", "..supabase..");

    @ArchTest
    static final ArchRule sqlStandsInRepositoriesAlone = noClasses()
            .that()
            .areNotAnnotatedWith(Repository.class)
            .and()
            .resideOutsideOfPackage("..database..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(JdbcClient.class);

    @ArchTest
    static final ArchRule controllersAreForThePackageAlone =
            classes().that().areAnnotatedWith(RestController.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule theRootHoldsTheApplicationAlone = classes()
            .that()
            .resideInAPackage("com.vantage.syncstate")
            .should()
            .haveSimpleName("VantageSyncStateApplication")
            .orShould()
            .haveSimpleName("package-info");
}
